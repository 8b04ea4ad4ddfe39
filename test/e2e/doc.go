// Package e2e holds whole calls to what the house promises: SIP phones with
// real audio, a real Asterisk, the built huawu. Its tests have the build tag
// asterisk, and with it they fail where there is no Asterisk.
//
// Every party and every prompt has a tone of its own, so that a test measures
// who hears whom.
package e2e
