{{/* The services: name, key of the values, port, and the Service object where there is one. */}}
{{- define "datafly.services" -}}
- { name: ingestion-gateway, key: ingestionGateway, port: 8080, expose: ingestion-gateway-svc }
- { name: event-processor, key: eventProcessor, port: 8081 }
- { name: delivery-workers, key: deliveryWorkers, port: 8082 }
- { name: identity-hub, key: identityHub, port: 8083 }
- { name: management-api, key: managementApi, port: 8084, expose: management-api-svc }
- { name: management-ui, key: managementUi, port: 3000, expose: management-ui-svc }
{{- end }}

{{/* What selects a service's pods. Call with a dict of name and root. */}}
{{- define "datafly.selector" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end }}

{{- define "datafly.common" -}}
app.kubernetes.io/part-of: datafly
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "datafly.labels" -}}
{{ include "datafly.selector" . }}
{{ include "datafly.common" .root }}
{{- end }}

{{- define "datafly.image" -}}
{{- with .root.Values.image -}}
{{ .registry }}/{{ .repository }}/{{ $.name }}:{{ .tag | default (printf "v%s" $.root.Chart.AppVersion) }}
{{- end }}
{{- end }}

{{/* Call with a dict of sizes and factor. */}}
{{- define "datafly.resources" -}}
memory: {{ max 16 (mulf .sizes.memoryMi .factor | int) }}Mi
cpu: {{ max 5 (mulf .sizes.cpuMilli .factor | int) }}m
{{- end }}

{{- define "datafly.secret" -}}
{{ .Values.secrets.existingSecret | default "datafly-secrets" }}
{{- end }}

{{/* Whether an HPA of the release sets this service's replicas. */}}
{{- define "datafly.autoscaled" -}}
{{- if and .root.Values.autoscaling.enabled (hasKey .root.Values.autoscaling .key) }}yes{{ end }}
{{- end }}

{{/* What every container of the release may do: nothing but its work. */}}
{{- define "datafly.container" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
{{- end }}

{{- define "datafly.database" -}}
- name: DATABASE_URL
  valueFrom:
    secretKeyRef:
      name: {{ required "postgresql.existingSecret names the Secret with DATABASE_URL" .Values.postgresql.existingSecret }}
      key: DATABASE_URL
{{- end }}
