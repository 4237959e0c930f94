/^  PROCESSING_WORKERS: /a\
  BOT_PREFILTER: {{ .Values.eventProcessor.botPreFilter | quote }}
