#include "store_impl.hpp"

/// SQLite's own online backup, to a file that was not there.
namespace entitle::inline v0 {

namespace {

[[nodiscard]] int copy_into(sqlite3* to, sqlite3* from) {
    sqlite3_backup* copy = sqlite3_backup_init(to, "main", from, "main");
    if (copy == nullptr) return sqlite3_extended_errcode(to);
    const int stepped = sqlite3_backup_step(copy, -1);
    const int finished = sqlite3_backup_finish(copy);
    if (finished != SQLITE_OK) return finished;
    return stepped == SQLITE_DONE ? SQLITE_OK : stepped;
}

/// Whether a file is there that is not empty.
[[nodiscard]] int is_taken(sqlite3* handle, bool& taken) {
    sqlite3_file* file = nullptr;
    sqlite3_file_control(handle, "main", SQLITE_FCNTL_FILE_POINTER, static_cast<void*>(&file));
    sqlite3_int64 size = 0;
    const int code = file == nullptr ? SQLITE_CANTOPEN : file->pMethods->xFileSize(file, &size);
    taken = size != 0;
    return code;
}

}  // namespace

Result<void> SqliteStore::Impl::backup(const std::string& path) {
    if (is_forked()) return refuse(ErrorCode::store_forked);
    const Lock lock{mutex_};
    if (!owned_ || open_) return refuse(ErrorCode::store_failed);
    if (path.empty() || path == ":memory:") return refuse(ErrorCode::store_unavailable);
    sqlite3_vfs* vfs = nullptr;
    sqlite3_file_control(connection.handle(), "main", SQLITE_FCNTL_VFS_POINTER, static_cast<void*>(&vfs));
    if (vfs == nullptr) return refuse(ErrorCode::store_failed);
    const std::string file = path.starts_with("file:") ? "./" + path : path;
    sqlite::Connection to;
    sqlite3* handle = nullptr;
    const int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    int code = sqlite3_open_v2(file.c_str(), &handle, flags, vfs->zName);
    to.own(handle);
    if (code != SQLITE_OK) return tl::unexpected<Error>{sqlite::error_of(code)};
    bool taken = false;
    code = is_taken(handle, taken);
    if (taken) return refuse(ErrorCode::file_exists);
    if (code == SQLITE_OK) code = copy_into(handle, connection.handle());
    if (code == SQLITE_OK) return {};
    const Error error = sqlite::error_of(code);
    to.close();
    const bool is_anothers = error.code == ErrorCode::store_busy;  // who is writing it now
    if (!is_anothers) vfs->xDelete(vfs, file.c_str(), 1);
    return tl::unexpected<Error>{error};
}

}  // namespace entitle::inline v0
