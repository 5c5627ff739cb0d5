"""The example domains through the running service: every case, claim, answer and vote goes over HTTP."""
