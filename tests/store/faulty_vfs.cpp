#include "faulty_vfs.hpp"

#include <algorithm>

#include "scratch.hpp"

namespace store_contract {

namespace {

constexpr std::size_t sector = 512;

/// SQLite's file, the real one behind it.
struct FaultyFile {
    sqlite3_file base;
    sqlite3_file* real;
    FaultyVfs* vfs;
    std::string* path;
};

[[nodiscard]] FaultyFile& self(sqlite3_file* file) { return *reinterpret_cast<FaultyFile*>(file); }
[[nodiscard]] FaultyVfs& self(sqlite3_vfs* vfs) { return *static_cast<FaultyVfs*>(vfs->pAppData); }
[[nodiscard]] const sqlite3_io_methods& real(sqlite3_file* file) { return *self(file).real->pMethods; }

int close_file(sqlite3_file* file) {
    const int code = real(file).xClose(self(file).real);
    delete self(file).path;
    return code;
}

int read_file(sqlite3_file* file, void* to, int amount, sqlite3_int64 at) {
    if (const int code = self(file).vfs->outcome(SQLITE_IOERR_READ); code != SQLITE_OK) return code;
    if (self(file).vfs->reads_short()) {
        std::fill_n(static_cast<char*>(to), amount, '\0');
        return SQLITE_IOERR_SHORT_READ;
    }
    return real(file).xRead(self(file).real, to, amount, at);
}

int write_file(sqlite3_file* file, const void* from, int amount, sqlite3_int64 at) {
    if (const int code = self(file).vfs->outcome(SQLITE_IOERR_WRITE, true); code != SQLITE_OK) return code;
    const int code = real(file).xWrite(self(file).real, from, amount, at);
    self(file).vfs->changed();
    return code;
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    if (const int code = self(file).vfs->outcome(SQLITE_IOERR_TRUNCATE); code != SQLITE_OK) return code;
    const int code = real(file).xTruncate(self(file).real, size);
    self(file).vfs->changed();
    return code;
}

/// The disk is this layer's own idea: the real one need not be waited for.
int sync_file(sqlite3_file* file, int /*flags*/) {
    if (const int code = self(file).vfs->outcome(SQLITE_IOERR_FSYNC); code != SQLITE_OK) return code;
    self(file).vfs->synced(*self(file).path);
    self(file).vfs->changed();
    return SQLITE_OK;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
    if (const int code = self(file).vfs->outcome(SQLITE_IOERR_FSTAT); code != SQLITE_OK) return code;
    return real(file).xFileSize(self(file).real, size);
}

int lock_file(sqlite3_file* file, int level) {
    if (const int code = self(file).vfs->outcome(SQLITE_IOERR_LOCK); code != SQLITE_OK) return code;
    return real(file).xLock(self(file).real, level);
}
int unlock_file(sqlite3_file* file, int level) { return real(file).xUnlock(self(file).real, level); }
int check_lock(sqlite3_file* file, int* held) { return real(file).xCheckReservedLock(self(file).real, held); }
int control_file(sqlite3_file* file, int op, void* argument) {
    return real(file).xFileControl(self(file).real, op, argument);
}
int sector_size(sqlite3_file* file) { return real(file).xSectorSize(self(file).real); }
int characteristics(sqlite3_file* file) { return real(file).xDeviceCharacteristics(self(file).real); }

int map_shared(sqlite3_file* file, int region, int size, int extend, volatile void** out) {
    if (const int code = self(file).vfs->outcome(SQLITE_IOERR_SHMMAP); code != SQLITE_OK) return code;
    return real(file).xShmMap(self(file).real, region, size, extend, out);
}
int lock_shared(sqlite3_file* file, int offset, int count, int flags) {
    const bool unlocks = (flags & SQLITE_SHM_UNLOCK) != 0;  // which does not fail
    const int code = unlocks ? SQLITE_OK : self(file).vfs->outcome(SQLITE_IOERR_SHMLOCK);
    return code != SQLITE_OK ? code : real(file).xShmLock(self(file).real, offset, count, flags);
}
void barrier_shared(sqlite3_file* file) { real(file).xShmBarrier(self(file).real); }
int unmap_shared(sqlite3_file* file, int remove) { return real(file).xShmUnmap(self(file).real, remove); }

const sqlite3_io_methods methods{
    2,           close_file,     read_file,    write_file,   truncate_file, sync_file,       file_size,
    lock_file,   unlock_file,    check_lock,   control_file, sector_size,   characteristics, map_shared,
    lock_shared, barrier_shared, unmap_shared, nullptr,      nullptr};

int open_file(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out_flags) {
    file->pMethods = nullptr;
    if (const int code = self(vfs).outcome(SQLITE_CANTOPEN); code != SQLITE_OK) return code;
    FaultyFile& opened = self(file);
    opened.real = reinterpret_cast<sqlite3_file*>(&opened + 1);
    opened.vfs = &self(vfs);
    const int code = self(vfs).real()->xOpen(self(vfs).real(), path, opened.real, flags, out_flags);
    if (code != SQLITE_OK) return code;
    opened.path = new std::string{path == nullptr ? "" : path};
    file->pMethods = &methods;
    return SQLITE_OK;
}

int delete_file(sqlite3_vfs* vfs, const char* path, int sync) {
    if (const int code = self(vfs).outcome(SQLITE_IOERR_DELETE); code != SQLITE_OK) return code;
    self(vfs).changed();
    const int code = self(vfs).real()->xDelete(self(vfs).real(), path, sync);
    self(vfs).deleted(path);
    return code;
}

int access_file(sqlite3_vfs* vfs, const char* path, int flags, int* out) {
    if (const int code = self(vfs).outcome(SQLITE_IOERR_ACCESS); code != SQLITE_OK) return code;
    return self(vfs).real()->xAccess(self(vfs).real(), path, flags, out);
}

}  // namespace

FaultyVfs::FaultyVfs(const std::string& name) : name_{name}, real_{sqlite3_vfs_find(nullptr)}, vfs_{*real_} {
    vfs_.zName = name_.c_str();
    vfs_.pAppData = this;
    vfs_.pNext = nullptr;
    vfs_.szOsFile = static_cast<int>(sizeof(FaultyFile)) + real_->szOsFile;
    vfs_.xOpen = open_file;
    vfs_.xDelete = delete_file;
    vfs_.xAccess = access_file;
    vfs_.xFullPathname = [](sqlite3_vfs* vfs, const char* path, int size, char* out) {
        return self(vfs).real()->xFullPathname(self(vfs).real(), path, size, out);
    };
    sqlite3_vfs_register(&vfs_, 0);
}

FaultyVfs::~FaultyVfs() { sqlite3_vfs_unregister(&vfs_); }

void FaultyVfs::fail_at(std::uint64_t call, Fault fault, bool lasting) {
    armed_ = true;
    lasting_ = lasting;
    has_failed_ = false;
    fault_ = fault;
    left_ = call;
    code_ = 0;
}

void FaultyVfs::fail_with(int code) {
    fail_at(0, Fault::io_error, true);
    code_ = code;
}

void FaultyVfs::behave() { armed_ = false; }

/// Counts a call that the fault is about.
bool FaultyVfs::strikes() {
    if (!armed_ || left_-- != 0) return false;
    has_failed_ = true;
    if (lasting_) left_ = 0;
    else armed_ = false;
    return true;
}

int FaultyVfs::outcome(int error, bool writes) {
    if (fault_ == Fault::io_error) return strikes() ? (code_ != 0 ? code_ : error) : SQLITE_OK;
    if (fault_ == Fault::disk_full && writes) return strikes() ? SQLITE_FULL : SQLITE_OK;
    return SQLITE_OK;
}

bool FaultyVfs::reads_short() { return fault_ == Fault::short_read && strikes(); }

void FaultyVfs::synced(const std::string& path) const {
    if (on_change) synced_[path] = bytes_of(path);
}
void FaultyVfs::deleted(const std::string& path) const { synced_.erase(path); }

std::unique_ptr<std::string> FaultyVfs::after_power_loss(const std::string& path,
                                                         const std::function<bool()>& random) const {
    const auto known = synced_.find(path);
    const std::string now = bytes_of(path);
    if (known == synced_.end() && (now.empty() || random())) return nullptr;
    std::string left = known == synced_.end() ? std::string{} : known->second;
    for (std::size_t at = 0; at < std::max(now.size(), left.size()); at += sector) {
        if (random()) continue;  // this sector did not get there
        if (at >= now.size()) {
            left.resize(at);
            break;
        }
        const std::string bytes = now.substr(at, sector);
        if (left.size() < at + bytes.size()) left.resize(at + bytes.size());
        left.replace(at, bytes.size(), bytes);
    }
    return std::make_unique<std::string>(std::move(left));
}

}  // namespace store_contract
