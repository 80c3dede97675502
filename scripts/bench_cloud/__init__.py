"""How fast the cloud is: `python -m scripts.bench_cloud`."""
