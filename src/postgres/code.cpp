#include "code.hpp"

#include <array>
#include <string_view>

namespace entitle::inline v0::postgres {

ErrorCode error_code_of(Code code) {
    switch (code) {
        case Code::ok: return ErrorCode::none;
        case Code::again:
        case Code::busy: return ErrorCode::store_busy;
        case Code::lost:
        case Code::unavailable: return ErrorCode::store_unavailable;
        case Code::unknown: return ErrorCode::outcome_unknown;
        case Code::full: return ErrorCode::store_full;
        case Code::memory: return ErrorCode::store_memory;
        case Code::read_only: return ErrorCode::store_read_only;
        case Code::not_ours: return ErrorCode::not_a_database;
        case Code::newer: return ErrorCode::schema_newer;
        case Code::corrupt:
        case Code::taken:
        case Code::referred: return ErrorCode::database_corrupt;
        case Code::limit: return ErrorCode::store_limit;
        case Code::not_utf8: return ErrorCode::not_utf8;
        case Code::transaction_lost: return ErrorCode::transaction_lost;
        case Code::failed: break;
    }
    return ErrorCode::store_failed;
}

Error error_of(Code code) {
    Error error;
    error.code = error_code_of(code);
    return error;
}

Code code_of_state(const char* state) {
    struct Meaning {
        std::string_view begins;
        Code code;
    };
    static constexpr std::array meanings{
        Meaning{"40001", Code::again},             // serialization_failure
        Meaning{"40P01", Code::again},             // deadlock_detected
        Meaning{"08", Code::lost},                 // connection_exception
        Meaning{"57P", Code::lost},                // shutdowns, and a server that is starting
        Meaning{"25006", Code::lost},              // read_only_sql_transaction: a former primary
        Meaning{"25P02", Code::transaction_lost},  // in_failed_sql_transaction
        Meaning{"53100", Code::full},              // disk_full
        Meaning{"53200", Code::memory},            // out_of_memory
        Meaning{"53", Code::busy},                 // too_many_connections …
        Meaning{"54", Code::limit},                // program_limit_exceeded
        Meaning{"55P03", Code::busy},              // lock_not_available: a lock_timeout of the host's
        Meaning{"57014", Code::busy},              // query_canceled: a statement_timeout, or by hand
        Meaning{"42501", Code::read_only},         // insufficient_privilege
        Meaning{"42P01", Code::not_ours},          // undefined_table
        Meaning{"22P05", Code::not_utf8},          // a database in another encoding
        Meaning{"22021", Code::not_utf8},
        Meaning{"23505", Code::taken},     // unique_violation
        Meaning{"23503", Code::referred},  // foreign_key_violation
        Meaning{"23", Code::corrupt},      // a key or a check of ours: what is there is not what we wrote
        Meaning{"XX001", Code::corrupt},
        Meaning{"XX002", Code::corrupt},
    };
    if (state == nullptr) return Code::failed;
    for (const Meaning& meaning : meanings) {
        if (std::string_view{state}.starts_with(meaning.begins)) return meaning.code;
    }
    return Code::failed;
}

}  // namespace entitle::inline v0::postgres
