// Package scripts is the home of what is said: flow steps callers through
// menus and queues, strict reads the YAML that people write.
package scripts
