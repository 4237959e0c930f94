# A default that changed, and a key that is new.
s/^  maxBatchSize: 500$/  maxBatchSize: 1000/
/^  workers: 4$/a\
  # Drops what bots send before it is processed.\
  botPreFilter: false
