// Any bytes as a plan, and a few events under it.

#include "fuzz/replaying.hpp"

namespace {

constexpr const char* events =
    "at,event,case,customer,contact,product,origin,entitlement,minutes,decrement\n"
    "2014-07-01T09:00:00Z,open,K-1,Lumen,Ann,P,phone,,,\n"
    "2014-07-01T10:00:00Z,open,K-2,Lumen,,,email,E,,\n"
    "2014-08-01T10:00:00Z,resolve,K-1,,,,,,90,\n"
    "2014-08-01T11:00:00Z,change_origin,K-2,,,,phone,,,\n"
    "2014-09-30T22:30:00Z,reactivate,K-1,,,,,,,\n"
    "2014-10-01T00:00:00Z,cancel,K-2,,,,,,,\n"
    "2015-10-01T00:00:00Z,open,K-3,Lumen,,,phone,,,\n";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const fuzz::MemoryFile plan;
    static const fuzz::MemoryFile log{events};
    plan.set(fuzz::text_of({data, size}));
    fuzz::replay(plan, log, "entitle", false);
    return 0;
}
