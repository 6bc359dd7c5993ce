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
struct CaseService;
struct Entitlement;
struct Entry;
struct Error;
struct Explanation;
struct Forecast;
struct KpiInstance;
struct Plan;
struct Policy;
struct Quantity;
struct Promise;
struct Receipt;
struct ServiceLevel;
struct Statement;
struct SupportCase;
struct Template;
struct View;

namespace sla {
class Calendar;
class CaseClock;
class ServiceLevels;
struct BusinessHours;
}  // namespace sla

}  // namespace entitle::inline v0
