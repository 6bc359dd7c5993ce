// expect: no matching|no viable|could not convert
#include <string>

#include "../../../src/postgres/statement.hpp"

// What PostgreSQL is sent is a literal: nothing that comes in from outside can become part of it.
int main(int /*count*/, char** words) {
    const entitle::postgres::Statement literal{"SELECT 1"};
#ifdef MUST_NOT_COMPILE
    const std::string text = std::string{"SELECT "} + words[1];
    const entitle::postgres::Statement assembled{text.c_str()};
#endif
    return literal.sql().text() == words[0] ? 1 : 0;
}
