"""What every deployment is built from: arguments, policies, the vault and the store's records."""
