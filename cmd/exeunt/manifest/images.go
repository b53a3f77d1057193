package manifest

import "strings"

// reference is an image's name taken apart.
type reference struct {
	repository string // "nginx", "grafana/loki", "ghcr.io/acme/web"
	tag        string
}

func parseReference(text string) reference {
	text, _, _ = strings.Cut(text, "@")
	r := reference{repository: text}
	if colon := strings.LastIndex(text, ":"); colon > strings.LastIndex(text, "/") {
		r.repository, r.tag = text[:colon], text[colon+1:]
	}
	for _, mirror := range []string{"docker.io/", "index.docker.io/", "registry-1.docker.io/", "public.ecr.aws/docker/", "mirror.gcr.io/"} {
		r.repository = strings.TrimPrefix(r.repository, mirror)
	}
	r.repository = strings.TrimPrefix(r.repository, "library/")
	return r
}

// official reports whether the image is one of Docker's own, of which none runs exeunt.
func (r reference) official() bool { return r.repository != "" && !strings.Contains(r.repository, "/") }

// name is the last element of the repository.
func (r reference) name() string { return base(r.repository) }

// stopSignal is the STOPSIGNAL that an image is known to set, "" if none is. Those that are made of these have it as well:
// that of nginx, php and the like surprises whoever runs something else than nginx or php in front.
func (r reference) stopSignal() string {
	fpm, apache := strings.Contains(r.tag, "fpm"), strings.Contains(r.tag, "apache")
	switch r.repository {
	case "nginx", "nginxinc/nginx-unprivileged", "openresty/openresty", "kong":
		return "SIGQUIT"
	case "httpd":
		return "SIGWINCH"
	case "haproxy":
		return "SIGUSR1"
	case "postgres", "postgis/postgis", "pgvector/pgvector", "timescale/timescaledb":
		return "SIGINT"
	case "php":
		switch {
		case fpm:
			return "SIGQUIT"
		case apache:
			return "SIGWINCH"
		}
	case "wordpress", "drupal", "joomla", "nextcloud", "phpmyadmin", "matomo", "mediawiki", "yourls", "postfixadmin", "monica", "friendica", "backdrop":
		switch {
		case fpm:
			return "SIGQUIT"
		case !strings.Contains(r.tag, "cli"):
			return "SIGWINCH"
		}
	}
	return ""
}
