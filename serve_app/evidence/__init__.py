"""Evidence from the journals: certificates, figures and dry runs of policies."""
