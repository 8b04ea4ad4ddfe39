// Package draw makes pictures of flows: Mermaid for documents, and SVG without
// another program. Equal flows give equal pictures. A flow need not be checked:
// what leads to nowhere is drawn so.
package draw
