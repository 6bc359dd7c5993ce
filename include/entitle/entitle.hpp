#pragma once

/// The whole header-only core, in one include.

#include "entitle/engine.hpp"
#include "entitle/sla/calendar.hpp"
#include "entitle/sla/case_clock.hpp"
#include "entitle/store/memory_store.hpp"
#include "entitle/value/dataverse.hpp"
#include "entitle/value/quantity_text.hpp"
#include "entitle/value/shard.hpp"
#include "entitle/version.hpp"
