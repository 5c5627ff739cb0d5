"""The whole service on one machine: a supervisor process that owns the store, MLflow, Ray and the applications."""
