package store_test

import (
	"testing"

	"miglobe/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }
