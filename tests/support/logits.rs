//! Files of logits that the tests make themselves.

/// A safetensors file: named tensors with dtype, shape and bytes, one after the other.
pub fn safetensors(tensors: &[(&str, &str, &[u64], Vec<u8>)]) -> Vec<u8> {
    let mut header = Vec::new();
    let mut data = Vec::new();
    for (name, dtype, shape, bytes) in tensors {
        let begin = data.len();
        data.extend_from_slice(bytes);
        header.push(format!(
            r#""{name}":{{"dtype":"{dtype}","shape":{shape:?},"data_offsets":[{begin},{}]}}"#,
            data.len()
        ));
    }
    with_header(&format!("{{{}}}", header.join(",")), &data)
}

/// A safetensors file with this header, whatever it says.
pub fn with_header(header: &str, data: &[u8]) -> Vec<u8> {
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend_from_slice(header.as_bytes());
    file.extend_from_slice(data);
    file
}

/// Little-endian bytes.
pub fn f32s(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// Little-endian bytes.
pub fn i64s(values: &[i64]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// A .npy file of version 1.0.
pub fn npy(descr: &str, shape: &str, data: &[u8]) -> Vec<u8> {
    let mut header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}");
    let total = 10 + header.len() + 1;
    header += &" ".repeat(total.next_multiple_of(64) - total);
    header.push('\n');
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend_from_slice(&(header.len() as u16).to_le_bytes());
    file.extend_from_slice(header.as_bytes());
    file.extend_from_slice(data);
    file
}

/// Two tensors, `logits` [rows, 3] and `actions` [rows].
pub fn pair(logits: &[f32], actions: &[i64]) -> Vec<u8> {
    let rows = actions.len() as u64;
    safetensors(&[("logits", "F32", &[rows, 3], f32s(logits)), ("actions", "I64", &[rows], i64s(actions))])
}

/// Six rows over three actions, from an even policy to one so confident that f32 calls it certain.
pub fn tour() -> Vec<u8> {
    let rows: Vec<f32> = [0.0, 1.0, 3.0, 8.0, 20.0, 300.0].iter().flat_map(|top| [*top, 0.0, -1.5]).collect();
    pair(&rows, &[0, 0, 0, 0, 0, 0])
}

/// Two dumps of the same 40 positions over 200 actions, as a rollout engine and a trainer make them: F32 logits, and
/// BF16 ones of which those of row 7 are at another temperature.
pub fn engines() -> [Vec<u8>; 2] {
    let mut rng = logitlab::policy::random::Rng::new(20250615, 0);
    let (rows, columns) = (40u64, 200u64);
    let mut logits: Vec<f32> = (0..rows * columns).map(|_| (3.0 * rng.gaussian()) as f32).collect();
    // From even rows to confident ones.
    for (row, logits) in logits.chunks_exact_mut(200).enumerate() {
        logits[0] += row as f32 / 2.0;
    }
    let actions: Vec<i64> = (0..rows as i64).map(|row| if row % 4 == 0 { row % 7 } else { 0 }).collect();
    let moved = logits.iter().enumerate().map(|(i, z)| if i / 200 == 7 { z / 0.8 } else { *z });
    let rounded: Vec<u8> = moved.flat_map(|z| half::bf16::from_f32(z).to_le_bytes()).collect();
    let dump = |dtype: &str, logits: Vec<u8>| {
        safetensors(&[("logits", dtype, &[rows, columns], logits), ("actions", "I64", &[rows], i64s(&actions))])
    };
    [dump("F32", f32s(&logits)), dump("BF16", rounded)]
}
