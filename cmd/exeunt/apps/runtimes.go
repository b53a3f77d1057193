package apps

func runtimes() []*App {
	return []*App{
		{
			Name: "node", Title: "Node.js", Also: []string{"nodejs"}, Programs: []string{"node", "nodejs", "npm", "yarn", "pnpm", "npx"},
			Source: "https://nodejs.org/api/process.html#signal-events",
			Signals: []Taken{
				{on(sigTERM, sigINT), "ends at once with status 128+n, unless the program listens for the signal"},
				{on(sigHUP), "ends at once, unless the program listens for the signal"},
				{on(sigUSR1), "begins to listen for a debugger"},
			},
			Why:    "A program that does not listen for SIGTERM is ended by it at once, and its requests are cut. So the file waits until the connections are gone, for some of the time, and then sends SIGTERM, which a program that does listen for it has the rest of the time for.",
			Set:    "The port has to be the one that the program listens on. Keep-alive connections of clients count as long as they are open: server.closeIdleConnections() is for the program to call. npm, yarn and pnpm start the program as a process of their own: run node itself.",
			Serves: true, Port: 3000, Ports: []string{"--port", "-p"}, Both: true, Stop: sigTERM, OnTerm: true,
		},
		{
			Name: "java", Title: "the Java virtual machine", Also: []string{"jvm", "spring-boot", "tomcat", "jetty"}, Programs: []string{"java", "catalina.sh", "jetty.sh"},
			Source: "https://docs.oracle.com/en/java/javase/21/troubleshoot/handle-signals-and-exceptions.html",
			Signals: []Taken{
				{on(sigTERM, sigINT, sigHUP), "runs its shutdown hooks, then ends with status 128+n; not with -Xrs"},
				{on(sigQUIT), "prints the stacks of its threads, and goes on"},
			},
			Why:    "SIGTERM runs the shutdown hooks. The machine ends with status 143 after them, which is no mistake.",
			Set:    "Whether requests in flight are finished is for the program to say: with Spring Boot, server.shutdown=graceful and a spring.lifecycle.timeout-per-shutdown-phase of less than {wait}. SIGQUIT does not end it.",
			Serves: true, Stop: sigTERM, OnTerm: true,
		},
		{
			Name: "dotnet", Title: ".NET", Also: []string{"aspnet"}, Programs: []string{"dotnet"},
			Source: "https://learn.microsoft.com/en-us/dotnet/core/extensions/generic-host#host-shutdown",
			Signals: []Taken{
				{on(sigTERM, sigINT, sigQUIT), "stops the host, which finishes the requests in flight within its ShutdownTimeout"},
			},
			Why:    "SIGTERM is the graceful stop of a .NET host. A program without one ends by the signal, with status 143.",
			Set:    "HostOptions.ShutdownTimeout is 30 seconds since .NET 6, 5 before it: set it to less than {wait}.",
			Serves: true, Stop: sigTERM, OnTerm: true,
		},
	}
}
