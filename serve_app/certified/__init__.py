"""From the journals to certificates, figures and trials of policies."""
