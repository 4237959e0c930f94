# Every upgrade sets the replicas back that an HPA has chosen.
s/if not (include "datafly.autoscaled" $call)/if true/
