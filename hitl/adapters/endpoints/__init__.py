"""The endpoints of remote models: the operator's file, and calls over HTTP."""
