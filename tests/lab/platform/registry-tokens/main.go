// Command registry-tokens is a token service for a container registry: it gives Bearer tokens to one user, by HTTP
// Basic authentication, and nothing to anybody else.
package main

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"flag"
	"log"
	"net/http"
	"os"
	"strings"
	"time"
)

const lifetime = 5 * time.Minute

type access struct {
	Type    string   `json:"type"`
	Name    string   `json:"name"`
	Actions []string `json:"actions"`
}

func main() {
	listen := flag.String("listen", "127.0.0.1:5445", "address")
	certificate := flag.String("cert", "", "certificate, for TLS and in each token")
	key := flag.String("key", "", "its ECDSA key")
	user := flag.String("user", "", "the user")
	passwordFile := flag.String("password-file", "", "file with the user's password")
	flag.Parse()

	password, err := os.ReadFile(*passwordFile)
	if err != nil {
		log.Fatal(err)
	}
	pair, err := tls.LoadX509KeyPair(*certificate, *key)
	if err != nil {
		log.Fatal(err)
	}
	signer, ok := pair.PrivateKey.(*ecdsa.PrivateKey)
	if !ok {
		log.Fatal("the key is not an ECDSA key")
	}
	expected := strings.TrimSpace(string(password))

	http.HandleFunc("GET /token", func(w http.ResponseWriter, r *http.Request) {
		name, given, _ := r.BasicAuth()
		if name != *user || subtle.ConstantTimeCompare([]byte(given), []byte(expected)) != 1 {
			w.Header().Set("WWW-Authenticate", `Basic realm="signal-lab"`)
			http.Error(w, `{"details":"incorrect username or password"}`, http.StatusUnauthorized)
			return
		}
		token, err := issue(signer, pair.Certificate[0], name, r.URL.Query().Get("service"), r.URL.Query()["scope"])
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"token": token, "access_token": token, "expires_in": int(lifetime.Seconds())})
	})
	server := &http.Server{Addr: *listen, ReadHeaderTimeout: 10 * time.Second}
	log.Fatal(server.ListenAndServeTLS(*certificate, *key))
}

// issue signs a JSON Web Token that grants what was asked for: "repository:NAME:ACTION,ACTION".
func issue(key *ecdsa.PrivateKey, certificate []byte, user, service string, scopes []string) (string, error) {
	granted := []access{}
	for _, scope := range scopes {
		for _, one := range strings.Fields(scope) {
			kind, rest, _ := strings.Cut(one, ":")
			if at := strings.LastIndex(rest, ":"); at >= 0 {
				granted = append(granted, access{kind, rest[:at], strings.Split(rest[at+1:], ",")})
			}
		}
	}
	now := time.Now()
	header := map[string]any{"typ": "JWT", "alg": "ES256", "x5c": []string{base64.StdEncoding.EncodeToString(certificate)}}
	claims := map[string]any{
		"iss": "signal-lab-tokens", "sub": user, "aud": service, "jti": rand.Text(), "access": granted,
		"iat": now.Unix(), "nbf": now.Add(-10 * time.Second).Unix(), "exp": now.Add(lifetime).Unix(),
	}
	parts := make([]string, 0, 3)
	for _, part := range []any{header, claims} {
		text, err := json.Marshal(part)
		if err != nil {
			return "", err
		}
		parts = append(parts, base64.RawURLEncoding.EncodeToString(text))
	}
	digest := sha256.Sum256([]byte(strings.Join(parts, ".")))
	r, s, err := ecdsa.Sign(rand.Reader, key, digest[:])
	if err != nil {
		return "", err
	}
	signature := append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
	return strings.Join(append(parts, base64.RawURLEncoding.EncodeToString(signature)), "."), nil
}
