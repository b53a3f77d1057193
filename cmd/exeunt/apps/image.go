package apps

import "strings"

// OfImage is the application that an image of that name is made for, nil where its name does not say it: what the name
// is called behind its registry and owner, without tag and digest.
func OfImage(reference string) *App {
	name, _, _ := strings.Cut(reference, "@")
	name = name[strings.LastIndexByte(name, '/')+1:]
	name, tag, _ := strings.Cut(name, ":")
	if name == "php" {
		switch {
		case strings.Contains(tag, "fpm"):
			return Find("php-fpm")
		case strings.Contains(tag, "apache"):
			return Find("apache")
		}
		return nil
	}
	name = strings.TrimSuffix(name, "-unprivileged")
	if a := Find(name); a != nil && a.Name != "generic" {
		return a
	}
	return nil
}
