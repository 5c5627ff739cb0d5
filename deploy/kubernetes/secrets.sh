#!/bin/sh
# Prints the two Secrets that the manifests name, with random keys. Keep the output: the master key is in no backup.
#   deploy/kubernetes/secrets.sh > secrets.yaml && kubectl -n hitl apply -f secrets.yaml
# trainer_key is filled in after the first start (docs/operations.md).
set -eu
random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
store=$(random)
cat <<END
apiVersion: v1
kind: Secret
metadata: {name: hitl}
stringData:
  HITL_REDIS_URL: "redis://:$store@valkey:6379/0"
  master_key: "$(random)"
  signing_key: "$(random)"
---
apiVersion: v1
kind: Secret
metadata: {name: hitl-store}
stringData:
  store_password: "$store"
  gcs_password: "$(random)"
END
