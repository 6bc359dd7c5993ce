#include "desk.hpp"

namespace conformance {

Everything everything(const Store& store) {
    Everything out;
    const auto all = [&](auto& list) {
        for (Cursor cursor; !cursor.done;) EXPECT_TRUE(store.scan({}, cursor, list));
    };
    all(out.entitlements);
    all(out.cases);
    all(out.entries);
    all(out.served);
    return out;
}

Desk::Desk(const Policy& policy) : engine{store, {.policy = policy, .ids = UuidV7{2014}}} {}
Desk::~Desk() = default;

template <class C>
Outcome Desk::run(C command) {
    if (!command.customer) command.customer = acme;
    const Everything before = everything(store);
    Outcome outcome = engine.execute(command, now);
    const Everything after = everything(store);
    if (outcome && !outcome->repeated) {
        EXPECT_GT(after.entries.size(), before.entries.size()) << name_of(C::kind) << " left no entry";
    } else {
        EXPECT_TRUE(after == before) << name_of(C::kind) << " left a trace (R10)";
    }
    const auto audit = engine.audit();
    EXPECT_TRUE(audit && audit->ok()) << (audit ? fmt::format("{}", *audit->first) : "no audit");
    return outcome;
}

template Outcome Desk::run(Draft);
template Outcome Desk::run(Revise);
template Outcome Desk::run(SetChannel);
template Outcome Desk::run(RemoveChannel);
template Outcome Desk::run(ReviseScope);
template Outcome Desk::run(Amend);
template Outcome Desk::run(Activate);
template Outcome Desk::run(Deactivate);
template Outcome Desk::run(Cancel);
template Outcome Desk::run(Renew);
template Outcome Desk::run(SetDefault);
template Outcome Desk::run(Remove);
template Outcome Desk::run(Adjust);
template Outcome Desk::run(ImportEntitlement);
template Outcome Desk::run(OpenCase);
template Outcome Desk::run(ResolveCase);
template Outcome Desk::run(CancelCase);
template Outcome Desk::run(ReactivateCase);
template Outcome Desk::run(ChangeOrigin);
template Outcome Desk::run(ChangeEntitlement);
template Outcome Desk::run(ChangeContact);
template Outcome Desk::run(ChangeProduct);
template Outcome Desk::run(ChangeAsset);
template Outcome Desk::run(ChangeCaseType);
template Outcome Desk::run(SetDecrement);
template Outcome Desk::run(DeleteCase);
template Outcome Desk::run(HoldTerms);
template Outcome Desk::run(ReleaseTerms);
template Outcome Desk::run(Instantiate);
template Outcome Desk::run(Assign);
template Outcome Desk::run(TopUp);
template Outcome Desk::run(VoidTopUp);
template Outcome Desk::run(RespondToCase);
template Outcome Desk::run(ChangeStage);
template Outcome Desk::run(ChangePriority);
template Outcome Desk::run(ChangeServiceLevel);
template Outcome Desk::run(MeetKpi);

EntitlementId Desk::draft(const Draft& agreement) { return run(agreement).value().entitlement; }

EntitlementId Desk::grant(const Draft& agreement) {
    const EntitlementId id = draft(agreement);
    EXPECT_THAT(run(Activate{.customer = agreement.customer, .id = id}), ok());
    return id;
}

Outcome Desk::open(std::string_view id, const Channel& origin) {
    return run(OpenCase{.id = CaseId::from_name(id), .origin = origin});
}
Outcome Desk::open_on(EntitlementId entitlement, std::string_view id, const Channel& origin) {
    return run(OpenCase{.id = CaseId::from_name(id), .origin = origin, .entitlement = entitlement});
}
Outcome Desk::resolve(std::string_view id, std::chrono::seconds time_spent, Money cost) {
    return run(ResolveCase{.id = CaseId::from_name(id), .time_spent = time_spent, .cost = cost});
}
Outcome Desk::cancel(std::string_view id) { return run(CancelCase{.id = CaseId::from_name(id)}); }
Outcome Desk::reactivate(std::string_view id, const Channel& origin) {
    return run(ReactivateCase{.id = CaseId::from_name(id), .origin = origin});
}
Outcome Desk::change_origin(std::string_view id, const Channel& origin) {
    return run(ChangeOrigin{.id = CaseId::from_name(id), .origin = origin});
}
Outcome Desk::set_decrement(std::string_view id, bool decrement) {
    return run(SetDecrement{.id = CaseId::from_name(id), .decrement = decrement});
}
Outcome Desk::revise(EntitlementId id, const Changes& changes) {
    return run(Revise{.id = id, .changes = changes});
}
Outcome Desk::deactivate(EntitlementId id) { return run(Deactivate{.id = id}); }
Outcome Desk::activate(EntitlementId id) { return run(Activate{.id = id}); }

Entitlement Desk::entitlement(EntitlementId id) const { return engine.entitlement(acme, id).value(); }
Status Desk::status(EntitlementId id) const { return rule::status_of(entitlement(id), now); }
SupportCase Desk::support_case(std::string_view id) const {
    return engine.support_case(acme, CaseId::from_name(id)).value();
}
std::vector<Entry> Desk::entries() const { return engine.entries(acme).value(); }
Entry Desk::last_entry() const { return entries().back(); }
std::int64_t Desk::left(EntitlementId id) const { return entitlement(id).remaining; }
std::int64_t Desk::left(EntitlementId id, const Channel& channel) const {
    const Entitlement found = entitlement(id);
    for (const ChannelBalance& balance : found.channels) {
        if (balance.channel == channel) return balance.remaining;
    }
    ADD_FAILURE() << "no channel " << channel.name();
    return 0;
}

}  // namespace conformance
