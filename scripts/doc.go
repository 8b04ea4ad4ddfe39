// Package scripts is the home of what is said: flow steps callers through
// menus and queues, phrase is the catalogue of standard phrases, say puts
// numbers and times into words, strict reads the YAML that people write.
package scripts
