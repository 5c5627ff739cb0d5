#!/bin/sh
# Makes the secrets of compose.yaml, once: a file that is there stays. They are random, and readable to their owner's containers alone.
set -eu
folder=$(dirname "$0")/secrets
mkdir -p "$folder"
chmod 0711 "$folder"
random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
for name in store_password master_key signing_key postgres_password grafana_password; do
    test -s "$folder/$name" || random > "$folder/$name"
done
test -s "$folder/redis_url" || printf 'redis://:%s@valkey:6379/0' "$(cat "$folder/store_password")" > "$folder/redis_url"
# An operator's key for Prometheus: `hitl keys issue prometheus --role operator` prints one after the first start.
test -e "$folder/scrape_key" || : > "$folder/scrape_key"
chmod 0444 "$folder"/*
