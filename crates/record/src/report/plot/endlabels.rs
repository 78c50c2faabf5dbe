//! Names of lines beside their ends.

use super::style::SIZE;

/// From one name to the next.
const APART: f64 = SIZE + 1.2;
/// How far from its line's end a name may be.
const FAR: f64 = 2.2 * APART;

/// Heights near `anchors`, in their order, at which names do not overlap, within `top` and `bottom`; `None` if some
/// name would be too far from its line.
pub fn spread(anchors: &[f64], top: f64, bottom: f64) -> Option<Vec<f64>> {
    let mut order: Vec<usize> = (0..anchors.len()).collect();
    order.sort_by(|&a, &b| anchors[a].total_cmp(&anchors[b]));
    // With the distances taken out, "no overlap" is "not decreasing".
    let wanted: Vec<f64> = order.iter().enumerate().map(|(rank, &k)| anchors[k] - APART * rank as f64).collect();
    let last = bottom - APART * anchors.len().saturating_sub(1) as f64;
    if last < top {
        return None;
    }
    let mut heights = vec![0.0; anchors.len()];
    for ((rank, &k), level) in order.iter().enumerate().zip(nearest_increasing(&wanted)) {
        heights[k] = level.clamp(top, last) + APART * rank as f64;
    }
    let near = heights.iter().zip(anchors).all(|(height, anchor)| (height - anchor).abs() <= FAR);
    near.then_some(heights)
}

/// The nearest sequence (least squares) that does not decrease: pool adjacent violators.
fn nearest_increasing(wanted: &[f64]) -> Vec<f64> {
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for &value in wanted {
        pools.push((value, 1));
        while let [.., (below, many), (above, more)] = pools[..] {
            if below <= above {
                break;
            }
            let together = many + more;
            let mean = (below * many as f64 + above * more as f64) / together as f64;
            pools.truncate(pools.len() - 2);
            pools.push((mean, together));
        }
    }
    pools.iter().flat_map(|&(level, count)| std::iter::repeat_n(level, count)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_places_if_they_can() {
        assert_eq!(spread(&[50.0, 10.0], 0.0, 100.0), Some(vec![50.0, 10.0]));
        assert_eq!(spread(&[], 0.0, 100.0), Some(vec![]));
    }

    #[test]
    fn names_do_not_overlap() {
        for anchors in [vec![50.0, 50.0, 50.0], vec![0.0, 1.0, 2.0, 60.0], vec![99.0, 98.0, 60.0, 58.0, 59.0]] {
            let heights = spread(&anchors, 0.0, 100.0).expect("there is room");
            let mut sorted = heights.clone();
            sorted.sort_by(f64::total_cmp);
            assert!(sorted.windows(2).all(|pair| pair[1] - pair[0] >= APART - 1e-9), "{heights:?}");
            assert!(sorted[0] >= 0.0 && sorted[sorted.len() - 1] <= 100.0 + 1e-9, "{heights:?}");
            for (a, b) in anchors.iter().zip(&heights).zip(anchors.iter().zip(&heights).skip(1)) {
                assert!((a.0 < b.0) <= (a.1 < b.1), "the order stays: {heights:?}");
            }
        }
    }

    #[test]
    fn gives_up_where_names_would_be_far() {
        assert_eq!(spread(&[50.0; 8], 0.0, 100.0), None);
        assert_eq!(spread(&[50.0; 3], 0.0, 10.0), None);
    }
}
