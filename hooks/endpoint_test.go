package hooks

import "testing"

func TestEndpoints(t *testing.T) {
	for _, c := range []struct{ text, url, socket, shown, err string }{
		{"http://h:80/p?q=1", "http://h:80/p?q=1", "", "http://h:80/p", ""},
		{"HTTPS://u:secret@[::1]/a%20b?token=secret", "https://u:secret@[::1]/a%20b?token=secret", "", "https://[::1]/a%20b", ""},
		{"http+unix://%2Frun%2Fapp.sock/v1/x?y=z", "http://localhost/v1/x?y=z", "/run/app.sock", "http+unix://%2Frun%2Fapp.sock/v1/x", ""},
		{"HTTP+UNIX://%2Frun%2Fapp.sock", "http://localhost", "/run/app.sock", "http+unix://%2Frun%2Fapp.sock", ""},
		{"http+unix://@app/", "http://localhost/", "@app", "http+unix://@app/", ""},
		{"http+unix://%2Fa?b", "http://localhost?b", "/a", "http+unix://%2Fa", ""},

		{"http+unix:///run/app.sock/x", "", "", "", "url has no socket: write its absolute path with %2F for every slash, http+unix://%2Frun%2Fapp.sock/path"},
		{"http+unix://run/x", "", "", "", "url has no socket: write its absolute path with %2F for every slash, http+unix://%2Frun%2Fapp.sock/path"},
		{"http+unix://%2Frun/%zz", "", "", "", "url has no valid path after its socket"},
		{"localhost:8080/x", "", "", "", "url begins with none of http://, https://, http+unix://"},
		{"/x", "", "", "", "url begins with none of http://, https://, http+unix://"},
		{"", "", "", "", "url begins with none of http://, https://, http+unix://"},
		{"ftp://h/", "", "", "", "url begins with none of http://, https://, http+unix://"},
		{"http:///x", "", "", "", "url has no host: write http://host:port/path"},
		{"https://:443/x", "", "", "", "url has no host: write https://host:port/path"},
		{"http://u:secret@h:port/", "", "", "", `url is not a URL, write http://host:port/path: invalid port ":port" after host`},
	} {
		got, err := parseEndpoint(c.text)
		wantError(t, err, c.err)
		if err != nil {
			continue
		}
		if got.url.String() != c.url || got.socket != c.socket || got.shown != c.shown {
			t.Errorf("%q is %q by %q, shown as %q", c.text, got.url, got.socket, got.shown)
		}
	}
}

func TestAddresses(t *testing.T) {
	for text, want := range map[string]string{
		"db:5432":     "",
		"[::1]:80":    "",
		"db:http":     "",
		"db":          `"db" is no address: write "host:port", "[::1]:port" for IPv6`,
		":80":         `":80" is no address: write "host:port", "[::1]:port" for IPv6`,
		"db:":         `"db:" is no address: write "host:port", "[::1]:port" for IPv6`,
		"::1:80":      `"::1:80" is no address: write "host:port", "[::1]:port" for IPv6`,
		"db:70000":    `"db:70000" is no address: there is no port "70000"`,
		"db:0":        `"db:0" is no address: there is no port "0"`,
		"db:nothing":  `"db:nothing" is no address: there is no port "nothing"`,
		"http://db:1": `"http://db:1" is no address: write "host:port", "[::1]:port" for IPv6`,
	} {
		wantError(t, checkAddress(text), want)
	}
}
