#pragma once

#include <string_view>

#include <entitle/value/id.hpp>

namespace program {

/// Keeps the text keys of a replay for whoever opens its desk later. Every id is told once, in the order of making.
class KeyKeeper {
public:
    KeyKeeper() = default;
    KeyKeeper(const KeyKeeper&) = delete;
    KeyKeeper& operator=(const KeyKeeper&) = delete;
    virtual ~KeyKeeper() = default;

    virtual void keep(std::string_view key, entitle::CustomerId id) = 0;
    virtual void keep(std::string_view key, entitle::ContactId id) = 0;
    virtual void keep(std::string_view key, entitle::ProductId id) = 0;
    virtual void keep(std::string_view key, entitle::AssetId id) = 0;
    virtual void keep(std::string_view key, entitle::CaseTypeId id) = 0;
    virtual void keep(std::string_view key, entitle::TemplateId id) = 0;
    virtual void keep(std::string_view key, entitle::SlaId id) = 0;
    virtual void keep(std::string_view key, entitle::EntitlementId id, entitle::CustomerId owner) = 0;
    virtual void keep(std::string_view key, entitle::CaseId id, entitle::CustomerId owner) = 0;
    virtual void keep(std::string_view key, entitle::PurchaseId id, entitle::CustomerId owner) = 0;
    /// The key of a case that was deleted is free.
    virtual void drop_case(std::string_view key) = 0;
};

}  // namespace program
