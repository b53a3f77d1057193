package hooks

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"exeunt/lifecycle"
)

// authority is a private CA with a server certificate for 127.0.0.1 signed by it.
func authority(t *testing.T) (caFile string, server tls.Certificate) {
	t.Helper()
	sign := func(template, parent *x509.Certificate, key, parentKey *ecdsa.PrivateKey) []byte {
		der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, parentKey)
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	newKey := func() *ecdsa.PrivateKey {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	from, to := time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	root, rootKey := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "a private CA"}, NotBefore: from, NotAfter: to,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}, newKey()
	leaf, leafKey := &x509.Certificate{
		SerialNumber: big.NewInt(2), NotBefore: from, NotAfter: to, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}, newKey()
	caFile = filepath.Join(t.TempDir(), "ca.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: sign(root, root, rootKey, rootKey)})
	if err := os.WriteFile(caFile, text, 0o644); err != nil {
		t.Fatal(err)
	}
	return caFile, tls.Certificate{Certificate: [][]byte{sign(leaf, root, leafKey, rootKey)}, PrivateKey: leafKey}
}

func TestHTTPS(t *testing.T) {
	caFile, certificate := authority(t)
	server := httptest.NewUnstartedServer(http.HandlerFunc(echo))
	server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // what the clients below think of its certificate
	server.StartTLS()
	defer server.Close()
	otherName := strings.Replace(server.URL, "127.0.0.1", "127.0.0.2", 1)

	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, url, ca, err string }{
		{"trusted", server.URL, caFile, ""},
		{"not trusted", server.URL, "", "cannot GET URL/: tls: failed to verify certificate: x509: certificate signed by unknown authority: write ca_file where it is a private one"},
		{"another CA's", server.URL, func() string { other, _ := authority(t); return other }(),
			`cannot GET URL/: tls: failed to verify certificate: x509: certificate signed by unknown authority`},
		{"no CA", server.URL, empty, `ca_file "` + empty + `" has no certificate in it: it must be PEM, -----BEGIN CERTIFICATE-----`},
		{"no file", server.URL, "/nowhere", `cannot read ca_file "/nowhere": no such file or directory`},
		{"no regular file", server.URL, "/dev/null", `cannot read ca_file "/dev/null": it is not a regular file`},
		{"no TLS", strings.Replace(server.URL, "https", "http", 1), "", "GET URL/: status 400: Client sent an HTTP request to an HTTPS server."},
		{"another host", otherName, caFile, "cannot GET URL/: tls: failed to verify certificate: x509: certificate is valid for 127.0.0.1, not 127.0.0.2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.url == otherName {
				c.url = relay(t, "127.0.0.2:0", server.Listener.Addr().String())
			}
			do := &lifecycle.HTTP{URL: is(c.url + "/?status=200"), CAFile: c.ca}
			want := strings.Replace(c.err, "URL", c.url, 1)
			err := run(t, do).Err
			if c.name == "another CA's" && err != nil && strings.HasPrefix(err.Error(), want) {
				return // what follows is x509's guess at the reason
			}
			wantError(t, err, want)
		})
	}
	if _, err := (Probes{}).HTTPStatus(t.Context(), server.URL+"/?status=200"); err == nil {
		t.Error("a probe trusts anybody")
	}
}

// relay listens on address and passes everything to target; it gives its URL.
func relay(t *testing.T, address, target string) string {
	t.Helper()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", target)
			if err != nil {
				near.Close()
				return
			}
			go func() { io.Copy(far, near); far.Close() }()
			go func() { io.Copy(near, far); near.Close() }()
		}
	}()
	return "https://" + listener.Addr().String()
}
