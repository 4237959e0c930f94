# Kubernetes 1.25 has removed this version.
s,^apiVersion: policy/v1$,apiVersion: policy/v1beta1,
