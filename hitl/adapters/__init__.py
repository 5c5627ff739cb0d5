"""What touches Valkey, Ray and MLflow, behind the ports of the core."""
