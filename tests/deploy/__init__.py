"""What is deployed: images, manifests, units, dashboards."""
