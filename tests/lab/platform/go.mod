module signal.lab/platform

go 1.24
