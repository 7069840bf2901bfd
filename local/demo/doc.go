// Package demo fills a local MiGlobe with invented people and consultations: the pool as the public description
// has it, and consultations in every stage. They come into the product by the same calls as those of real people.
//
// Nobody and nothing here is real: the family names say so, the addresses end in .example, the municipalities
// do not exist.
package demo
