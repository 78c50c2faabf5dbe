"""Arrays of other libraries as bytes with a type and a shape."""

import sys

import numpy as np

_NUMPY = {
    "float64": "F64",
    "float32": "F32",
    "float16": "F16",
    "bfloat16": "BF16",
    "float8_e4m3fn": "F8_E4M3",
    "float8_e5m2": "F8_E5M2",
    "int8": "I8",
    "int16": "I16",
    "int32": "I32",
    "int64": "I64",
    "uint8": "U8",
    "uint16": "U16",
    "uint32": "U32",
    "uint64": "U64",
    "bool": "BOOL",
}


def _of_torch(name, tensor):
    """A tensor of PyTorch as NumPy, and its type: NumPy has no bfloat16 and no 8-bit floats."""
    import torch

    tensor = tensor.detach()
    if tensor.device.type != "cpu":
        tensor = tensor.cpu()
    kind = str(tensor.dtype).removeprefix("torch.")
    if kind not in _NUMPY:
        raise TypeError(f"{name} has the type {tensor.dtype}; convert it with .to(torch.float32)")
    shape = tuple(tensor.shape)
    flat = tensor.contiguous().reshape(-1).view(torch.uint8)
    return flat.numpy(), _NUMPY[kind], shape


def _of_arrow(name, array):
    """A column of lists, of one length, or of numbers, as NumPy."""
    import pyarrow as pa

    if hasattr(array, "__arrow_c_stream__") and not hasattr(array, "__arrow_c_array__"):
        array = pa.chunked_array(array).combine_chunks()
    if not isinstance(array, pa.Array):
        array = pa.array(array)
    if pa.types.is_struct(array.type):
        raise TypeError(f"{name} is a table or a record; give one of its columns, as in batch['logits']")
    if array.null_count:
        raise ValueError(f"{name} has {array.null_count} nulls; fill or drop them")
    shape = [len(array)]
    while pa.types.is_nested(array.type):
        lengths = array.value_lengths() if not pa.types.is_fixed_size_list(array.type) else None
        width = array.type.list_size if lengths is None else (lengths[0].as_py() if len(array) else 0)
        if lengths is not None and any(n.as_py() != width for n in lengths.unique()):
            raise ValueError(f"{name} has lists of different lengths; pad them, with -inf for logits")
        shape.append(width)
        array = array.flatten()
    values = array.to_numpy(zero_copy_only=False)
    return values.reshape(shape)


def _is_torch(array):
    return type(array).__module__.split(".")[0] == "torch"


def _numpy(name, array):
    """An array that NumPy can view, without a copy where it can."""
    if isinstance(array, np.ndarray):
        return array
    if hasattr(array, "__arrow_c_array__") or hasattr(array, "__arrow_c_stream__"):
        return _of_arrow(name, array)
    if hasattr(array, "__dlpack__"):
        return np.from_dlpack(array)
    array = np.asarray(array)
    if array.dtype == object:
        raise TypeError(f"{name} is no array of numbers; rows may have different lengths")
    return array


#: The name of each type that was met: NumPy takes a while to spell one.
_MET = {}


def _kind(dtype):
    kind = _MET.get(dtype)
    if kind is None and dtype.name in _NUMPY:
        kind = _MET[dtype] = _NUMPY[dtype.name]
    return kind


def taken(name, array):
    """The name, the bytes, the type and the shape of an array, as the compiled part takes it.

    Contiguous little-endian arrays are not copied.
    """
    if _is_torch(array):
        flat, dtype, shape = _of_torch(name, array)
        return name, flat, dtype, list(shape)
    array = _numpy(name, array)
    dtype = _kind(array.dtype)
    if dtype is None:
        raise TypeError(f"{name} has the type {array.dtype}; convert it with .astype(numpy.float32)")
    big = array.dtype.byteorder == ">" or (array.dtype.byteorder == "=" and sys.byteorder == "big")
    if big:
        array = array.astype(array.dtype.newbyteorder("<"))
    # A scalar would become one row; it is refused by its shape instead.
    shape = list(array.shape)
    if not array.flags.c_contiguous or not shape:
        array = np.ascontiguousarray(array).reshape(-1)
    return name, array.view(np.uint8), dtype, shape


def given(**arrays):
    """All that are there."""
    return [taken(name, array) for name, array in arrays.items() if array is not None]
