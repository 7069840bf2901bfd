package server

import (
	"net/http"

	"miglobe/advisory"
	"miglobe/store"
)

const (
	workbenchPath     = "/arbeitsplatz"
	consultationsPath = "/vorgaenge"
	poolPath          = "/pool"
)

func (s *Server) coordinationRoutes() []Route {
	const handOver, bringForward = "/aufgaben/:id/uebergeben", "/aufgaben/:id/wiedervorlage"
	return append(s.fairnessRoutes(), []Route{
		{Method: http.MethodGet, Path: workbenchPath, Who: Coordination, Handle: s.showWorkbench},
		{Method: http.MethodGet, Path: consultationsPath, Who: Coordination, Handle: s.showConsultations},
		{Method: http.MethodPost, Path: consultationsPath, Who: Coordination, Handle: s.saveFilter(store.ConsultationFilters)},
		{Method: http.MethodPost, Path: consultationsPath + savedFiltersPath + "/:id/loeschen", Who: Coordination, Handle: s.deleteFilter(store.ConsultationFilters)},
		{Method: http.MethodPost, Path: workbenchPath, Who: Coordination, Handle: s.saveFilter(store.TaskFilters)},
		{Method: http.MethodPost, Path: workbenchPath + savedFiltersPath + "/:id/loeschen", Who: Coordination, Handle: s.deleteFilter(store.TaskFilters)},
		{Method: http.MethodGet, Path: selectionPath, Who: Coordination, Handle: s.showSelection},
		{Method: http.MethodPost, Path: selectionPath, Who: Coordination, Handle: s.settleSelection},
		{Method: http.MethodGet, Path: selectionResultPath, Who: Coordination, Handle: s.showSelectionResult},
		{Method: http.MethodGet, Path: workbenchPath + csvSuffix, Who: Coordination, Handle: s.exportWork(csvSuffix), File: true},
		{Method: http.MethodGet, Path: workbenchPath + xlsxSuffix, Who: Coordination, Handle: s.exportWork(xlsxSuffix), File: true},
		{Method: http.MethodGet, Path: consultationsPath + csvSuffix, Who: Coordination, Handle: s.exportConsultations(csvSuffix), File: true},
		{Method: http.MethodGet, Path: consultationsPath + xlsxSuffix, Who: Coordination, Handle: s.exportConsultations(xlsxSuffix), File: true},
		{Method: http.MethodGet, Path: handOver, Who: Coordination, Handle: s.showHandOver},
		{Method: http.MethodPost, Path: handOver, Who: Coordination, Handle: s.handOver},
		{Method: http.MethodGet, Path: bringForward, Who: Coordination, Handle: s.showBringForward},
		{Method: http.MethodPost, Path: bringForward, Who: Coordination, Handle: s.bringForward},
		{Method: http.MethodGet, Path: poolPath, Who: Coordination, Handle: s.showPool},
		{Method: http.MethodGet, Path: poolPath + csvSuffix, Who: Coordination, Handle: s.exportPool(csvSuffix), File: true},
		{Method: http.MethodGet, Path: poolPath + xlsxSuffix, Who: Coordination, Handle: s.exportPool(xlsxSuffix), File: true},
		{Method: http.MethodGet, Path: poolPath + "/:id", Who: Coordination, Handle: s.showAdvisor},
		{Method: http.MethodGet, Path: figuresPath, Handle: s.showFigures,
			Who: Only(advisory.Reader, advisory.Coordinator, advisory.LeadCoordinator)},
	}...)
}

func coordinationPages() []Page {
	return []Page{workbenchPage{}, consultationListPage{}, staffConsultationPage{}, coordinationTaskPage{}, assignPage{},
		selectionPage{}, selectionResultPage{}, poolPage{}, advisorPage{}, figuresPage{}, boardPage{}, summaryPage{}, fairnessPage{}}
}
