#pragma once

#include "desk.hpp"

namespace conformance {

/// A store that forwards to another. Tests override what they tamper with.
class ForwardingStore : public Store {
public:
    explicit ForwardingStore(Store& inner) : inner_{inner} {}

    [[nodiscard]] Capabilities capabilities() const override { return inner_.capabilities(); }
    [[nodiscard]] Result<void> begin(std::span<const Footprint> unit, Access access,
                                     std::uint64_t policy) override {
        return inner_.begin(unit, access, policy);
    }
    [[nodiscard]] Result<void> view(const Footprint& footprint, View& out) override {
        return inner_.view(footprint, out);
    }
    [[nodiscard]] Result<Commit> history(CustomerId customer, EntitlementId entitlement, std::uint64_t from,
                                         std::vector<Entry>& out) override {
        return inner_.history(customer, entitlement, from, out);
    }
    [[nodiscard]] Result<Commit> stage(const Plan& plan, Receipt& receipt) override {
        return inner_.stage(plan, receipt);
    }
    [[nodiscard]] Result<Commit> commit() override { return inner_.commit(); }
    void abandon() noexcept override { inner_.abandon(); }
    [[nodiscard]] Result<void> change_policy(std::uint64_t policy) override {
        return inner_.change_policy(policy);
    }
    [[nodiscard]] Result<void> scan(const Filter& filter, Cursor& cursor,
                                    std::vector<Entitlement>& out) const override {
        return inner_.scan(filter, cursor, out);
    }
    [[nodiscard]] Result<void> scan(const Filter& filter, Cursor& cursor,
                                    std::vector<SupportCase>& out) const override {
        return inner_.scan(filter, cursor, out);
    }
    [[nodiscard]] Result<void> scan(const Filter& filter, Cursor& cursor,
                                    std::vector<Entry>& out) const override {
        return inner_.scan(filter, cursor, out);
    }
    [[nodiscard]] Result<void> scan(const Filter& filter, Cursor& cursor,
                                    std::vector<Seal>& out) const override {
        return inner_.scan(filter, cursor, out);
    }
    [[nodiscard]] Result<void> scan(const Filter& filter, Cursor& cursor,
                                    std::vector<Base>& out) const override {
        return inner_.scan(filter, cursor, out);
    }
    [[nodiscard]] Result<void> keep_heads(CustomerId customer, std::uint64_t first,
                                          std::span<const Digest> heads) override {
        return inner_.keep_heads(customer, first, heads);
    }
    [[nodiscard]] Result<void> archive(const Base& base) override { return inner_.archive(base); }
    [[nodiscard]] Result<void> keep(const Template& made) override { return inner_.keep(made); }
    [[nodiscard]] Result<void> keep(const AssignmentRule& rule) override { return inner_.keep(rule); }
    [[nodiscard]] Result<void> drop(TemplateId id) override { return inner_.drop(id); }
    [[nodiscard]] Result<void> drop(const AssignmentRule& rule) override { return inner_.drop(rule); }
    [[nodiscard]] Result<void> list(TemplateId only, std::vector<Template>& out) const override {
        return inner_.list(only, out);
    }
    [[nodiscard]] Result<void> list(ProductId only, std::vector<AssignmentRule>& out) const override {
        return inner_.list(only, out);
    }
    [[nodiscard]] Result<void> keep(const ServiceTerms& terms) override { return inner_.keep(terms); }
    [[nodiscard]] Result<void> list(std::vector<ServiceTerms>& out) const override {
        return inner_.list(out);
    }
    [[nodiscard]] Result<void> scan(const Filter& filter, Cursor& cursor,
                                    std::vector<ServedCase>& out) const override {
        return inner_.scan(filter, cursor, out);
    }
    [[nodiscard]] Result<void> due(Instant until, CustomerId only, Cursor& cursor,
                                   std::vector<ServedCase>& out) const override {
        return inner_.due(until, only, cursor, out);
    }
    [[nodiscard]] Result<CustomerId> customer_of(EntitlementId entitlement) const override {
        return inner_.customer_of(entitlement);
    }
    [[nodiscard]] Result<CustomerId> customer_of(CaseId support_case) const override {
        return inner_.customer_of(support_case);
    }

private:
    Store& inner_;
};

}  // namespace conformance
