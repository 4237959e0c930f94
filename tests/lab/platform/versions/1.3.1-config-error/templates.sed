# The delivery workers read a key that no ConfigMap has.
/^            - name: PORT$/i\
            {{- if eq $service.name "delivery-workers" }}\
            - name: VENDOR_TYPE\
              valueFrom:\
                configMapKeyRef:\
                  name: delivery-workers-config\
                  key: VENDOR_TYPE\
            {{- end }}
