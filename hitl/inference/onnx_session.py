"""Open a graph in ONNX Runtime, the same way for every family."""

import onnxruntime

CUDA, CPU = "CUDAExecutionProvider", "CPUExecutionProvider"
ERRORS_ONLY = 3


def open_session(graph: bytes, device: str) -> onnxruntime.InferenceSession:
    """``device`` is one of hitl.inference.engine.DEVICES. On a CPU one thread a call, because replicas share the cores. Raises
    ValueError for a graph that cannot be run, and for a device that is not there."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.use_deterministic_compute = True
    options.log_severity_level = ERRORS_ONLY
    try:
        return onnxruntime.InferenceSession(graph, options, providers=_providers(device))
    except Exception as error:  # the runtime's exceptions have no base of their own
        raise ValueError(f"the runtime refuses the graph: {error}") from error


def _providers(device: str) -> list[str]:
    has_cuda = CUDA in onnxruntime.get_available_providers()
    if device == "cuda" and not has_cuda:
        raise ValueError("cuda was asked for, and this ONNX Runtime has none: install onnxruntime-gpu")
    return [CUDA, CPU] if has_cuda and device != "cpu" else [CPU]
