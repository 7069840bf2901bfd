package browser_test

// lists are filtered, found by words and saved.
func (g *gallery) lists(lead *visitor) {
	g.open(lead, "/vorgaenge", "consultations")
	g.open(lead, "/vorgaenge?q=Strassenbau&stand=declined&alter=3", "consultations-nothing-found")
	g.open(lead, "/vorgaenge?stand=declined&spalte=land&spalte=topics&spalte=advisors&spalte=sent&farbe=rot", "consultations-columns")
	lead.unfold("Gespeicherte Filter")
	g.mistake(lead, "Filter speichern", "filter-without-name")
	lead.fill("Name", "Abgelehnt")
	lead.press("Filter speichern")
	lead.isTold("Der Filter „Abgelehnt“ ist gespeichert.")
	lead.unfold("Gespeicherte Filter")
	g.shot(lead, "filter-saved")
}
