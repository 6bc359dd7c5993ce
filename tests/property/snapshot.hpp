#pragma once

#include <string>

#include "entitle/store/memory_store.hpp"

namespace entitle_property {

/// Everything that a store shows of customers 1 … 3, as text: entitlements, cases with what they were opened
/// with, entries, the rows in their order, and what it remembers of requests 1 … `requests`, without `except`; and
/// the templates and rules.
[[nodiscard]] std::string snapshot(entitle::Store& store, std::uint64_t policy, int requests, int except = 0);

/// The first line in which two snapshots differ; empty where they do not.
[[nodiscard]] std::string first_difference(const std::string& before, const std::string& after);

}  // namespace entitle_property
