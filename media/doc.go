// Package media is the port: what a switch can do (commands) and what it says
// (events), in words that neither Asterisk nor FreeSWITCH owns. Drivers
// implement Switch; mediatest holds the suite that each of them must pass.
package media
