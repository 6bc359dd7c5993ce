#pragma once

/// Forward declarations of the public types, for headers that only name them.
namespace entitle::inline v0 {

template <class Tag>
class Id;
class Channel;
class Currency;
class Engine;
class MemoryStore;
class Store;
struct Agreement;
struct AssignmentRule;
struct AuditReport;
struct Entitlement;
struct Entry;
struct Error;
struct Explanation;
struct Forecast;
struct Plan;
struct Policy;
struct Quantity;
struct Receipt;
struct Statement;
struct SupportCase;
struct Template;
struct View;

namespace sla {
class Calendar;
struct BusinessHours;
}  // namespace sla

}  // namespace entitle::inline v0
