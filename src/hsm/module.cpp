#include "hsm/module.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>

#include "base/log.hpp"
#include "hsm/limited.hpp"
#include "hsm/pkcs11_call.hpp"

namespace antin::hsm {

namespace {

namespace fs = std::filesystem;

/// A copy of the library in memory: the loader takes it for another library, with its own state.
Result<void*> load_private_copy(const std::string& library) {
    const int from = ::open(library.c_str(), O_RDONLY | O_CLOEXEC);
    if (from < 0) return fail(ErrorKind::Unavailable, "token.module_missing", library);
    const int copy = ::memfd_create("pkcs11", MFD_CLOEXEC);
    struct stat status {};
    bool copied = copy >= 0 && ::fstat(from, &status) == 0;
    for (off_t left = copied ? status.st_size : 0; copied && left > 0;) {
        const auto sent = ::sendfile(copy, from, nullptr, static_cast<std::size_t>(left));
        copied = sent > 0;
        left -= sent;
    }
    ::close(from);
    void* handle = nullptr;
    if (copied) {
        const auto path = fmt::format("/proc/self/fd/{}", copy);
        handle = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    }
    // The descriptor stays open with the library: the loader knows libraries by name first, and
    // a later copy under the same /proc/self/fd/N would be taken for this one.
    const char* reason = handle == nullptr && copied ? ::dlerror() : "cannot copy the library";
    if (handle == nullptr && copy >= 0) ::close(copy);
    if (handle == nullptr) return fail(ErrorKind::Unavailable, "token.module_failed", reason);
    return handle;
}

Result<void*> load(const std::string& library, bool private_copy) {
    if (private_copy) return load_private_copy(library);
    void* handle = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle != nullptr) return handle;
    const char* reason = ::dlerror();
    return fail(ErrorKind::Unavailable, "token.module_missing",
                reason != nullptr ? reason : library);
}

/// SoftHSM learns of its folder from a file named in the environment, read at C_Initialize.
Status point_to_folder(const std::string& folder) {
    std::error_code ec;
    const auto tokens = fs::absolute(fs::path(folder), ec) / "tokens";
    fs::create_directories(tokens, ec);
    fs::permissions(folder, fs::perms::owner_all, ec);
    const auto file = fs::absolute(fs::path(folder), ec) / "softhsm2.conf";
    {
        std::ofstream out(file, std::ios::trunc);
        out << "# Written at each start.\n"
            << "directories.tokendir = " << tokens.string() << "\n"
            << "objectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n";
        if (!out.flush()) {
            return fail(ErrorKind::Unavailable, "token.folder_unwritable", file.string());
        }
    }
    ::setenv("SOFTHSM2_CONF", file.c_str(), 1);
    return {};
}

class LibraryModule final : public LoadedModule,
                            public std::enable_shared_from_this<LibraryModule> {
  public:
    explicit LibraryModule(ModuleSettings settings) : settings_(std::move(settings)) {}
    ~LibraryModule() override {
        if (functions_ != nullptr && initialised_here_) functions_->C_Finalize(nullptr);
        // The library stays loaded: vendors' libraries leave threads and exit handlers behind.
    }
    LibraryModule(const LibraryModule&) = delete;
    LibraryModule& operator=(const LibraryModule&) = delete;

    Status start(bool private_copy) {
        ANTIN_TRY(handle, load(settings_.library, private_copy));
        const auto get_list =
            reinterpret_cast<CK_C_GetFunctionList>(::dlsym(handle, "C_GetFunctionList"));
        if (get_list == nullptr || get_list(&functions_) != CKR_OK || functions_ == nullptr) {
            functions_ = nullptr;
            return fail(ErrorKind::Unavailable, "token.module_failed", "no C_GetFunctionList");
        }
        if (!settings_.folder.empty()) ANTIN_CHECK(point_to_folder(settings_.folder));
        CK_C_INITIALIZE_ARGS arguments{};
        arguments.flags = CKF_OS_LOCKING_OK;
        const CK_RV value = functions_->C_Initialize(&arguments);
        initialised_here_ = value == CKR_OK;
        if (value != CKR_OK && value != CKR_CRYPTOKI_ALREADY_INITIALIZED) {
            return fail(ErrorKind::Unavailable, "token.module_failed",
                        call_failed(value, "C_Initialize").error.detail);
        }
        return {};
    }

    CK_FUNCTION_LIST& call() override { return *functions_; }
    const ModuleSettings& settings() const override { return settings_; }

    TokenInfo describe(CK_SLOT_ID slot) override {
        CK_TOKEN_INFO raw{};
        check(functions_->C_GetTokenInfo(slot, &raw), "C_GetTokenInfo");
        TokenInfo info;
        info.slot = slot;
        info.label = unpadded(raw.label);
        info.manufacturer = unpadded(raw.manufacturerID);
        info.model = unpadded(raw.model);
        info.serial = unpadded(raw.serialNumber);
        info.initialised = (raw.flags & CKF_TOKEN_INITIALIZED) != 0;
        info.pin_set = (raw.flags & CKF_USER_PIN_INITIALIZED) != 0;
        info.pin_tried_before = (raw.flags & CKF_USER_PIN_COUNT_LOW) != 0;
        info.pin_final_try = (raw.flags & CKF_USER_PIN_FINAL_TRY) != 0;
        info.pin_locked = (raw.flags & CKF_USER_PIN_LOCKED) != 0;
        info.write_protected = (raw.flags & CKF_WRITE_PROTECTED) != 0;
        info.pin_length_min = static_cast<int>(raw.ulMinPinLen);
        info.pin_length_max = static_cast<int>(std::min<CK_ULONG>(raw.ulMaxPinLen, 255));
        return info;
    }

    std::vector<TokenInfo> list() override {
        CK_ULONG count = 0;
        check(functions_->C_GetSlotList(CK_TRUE, nullptr, &count), "C_GetSlotList");
        std::vector<CK_SLOT_ID> slots(count);
        check(functions_->C_GetSlotList(CK_TRUE, slots.data(), &count), "C_GetSlotList");
        slots.resize(count);
        std::vector<TokenInfo> found;
        for (const CK_SLOT_ID slot : slots) {
            try {
                found.push_back(describe(slot));
            } catch (const CallFailed& failed) {
                // Pulled out between the two calls, or a card that this library cannot read:
                // the others still count.
                log(LogLevel::Warning, "token.unreadable", {{"detail", failed.error.detail}});
            }
        }
        return found;
    }

    Result<std::vector<TokenInfo>> tokens() override {
        return run_limited<std::vector<TokenInfo>>(
            settings_.call_limit, [self = shared_from_this()] { return self->list(); });
    }

    Result<TokenInfo> initialise(std::string_view label, std::string_view so_pin,
                                 std::string_view pin) override {
        return run_limited<TokenInfo>(
            settings_.call_limit, [self = shared_from_this(), label = std::string(label),
                                   so_pin = std::string(so_pin), pin = std::string(pin)] {
                const auto tokens = self->list();
                const auto blank = std::find_if(tokens.begin(), tokens.end(),
                                                [](const auto& t) { return !t.initialised; });
                if (blank == tokens.end()) give_up(ErrorKind::Unavailable, "token.no_blank");
                return self->make(blank->slot, label, so_pin, pin);
            });
    }

    Result<TokenInfo> reinitialise(unsigned long slot, std::string_view label,
                                   std::string_view so_pin, std::string_view pin) override {
        return run_limited<TokenInfo>(settings_.call_limit,
                                      [self = shared_from_this(), slot, label = std::string(label),
                                       so_pin = std::string(so_pin), pin = std::string(pin)] {
                                          return self->make(slot, label, so_pin, pin);
                                      });
    }

    Status set_pin_by_so(std::string_view serial, std::string_view so_pin,
                         std::string_view new_pin) override {
        return run_limited<void>(
            settings_.call_limit,
            [self = shared_from_this(), serial = std::string(serial), so_pin = std::string(so_pin),
             new_pin = std::string(new_pin)]() -> Status {
                for (const auto& token : self->list()) {
                    if (token.serial != serial) continue;
                    self->set_pin(token.slot, so_pin, new_pin);
                    return {};
                }
                give_up(ErrorKind::Unavailable, "token.missing", serial);
            });
    }

  private:
    TokenInfo make(CK_SLOT_ID slot, const std::string& label, const std::string& so_pin,
                   const std::string& pin) {
        if (label.empty() || label.size() > 32) {
            give_up(ErrorKind::Invalid, "token.label_length", label);
        }
        for (const auto& token : list()) {
            if (token.initialised && token.label == label && token.slot != slot) {
                give_up(ErrorKind::Conflict, "token.label_taken", label);
            }
        }
        unsigned char padded[32];
        std::memset(padded, ' ', sizeof padded);
        std::memcpy(padded, label.data(), label.size());
        const CK_RV made = functions_->C_InitToken(slot, as_pin(so_pin), so_pin.size(), padded);
        if (made == CKR_PIN_INCORRECT) give_up(ErrorKind::Unavailable, "token.so_pin_wrong");
        if (made == CKR_PIN_LOCKED) give_up(ErrorKind::Unavailable, "token.so_pin_locked");
        check(made, "C_InitToken");
        // A software library gives the new token another slot number; look it up by its label.
        for (const auto& token : list()) {
            if (token.label != label) continue;
            set_pin(token.slot, so_pin, pin);
            return describe(token.slot);
        }
        give_up(ErrorKind::Unavailable, "token.missing", label);
    }

    void set_pin(CK_SLOT_ID slot, const std::string& so_pin, const std::string& new_pin) {
        CK_SESSION_HANDLE session = 0;
        check(functions_->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr,
                                        &session),
              "C_OpenSession");
        CK_RV value = functions_->C_Login(session, CKU_SO, as_pin(so_pin), so_pin.size());
        const bool logged_in = value == CKR_OK;
        const char* call = "C_Login SO";
        if (logged_in) {
            value = functions_->C_InitPIN(session, as_pin(new_pin), new_pin.size());
            call = "C_InitPIN";
            functions_->C_Logout(session);
        }
        functions_->C_CloseSession(session);
        if (!logged_in && value == CKR_PIN_INCORRECT) {
            give_up(ErrorKind::Unavailable, "token.so_pin_wrong");
        }
        if (!logged_in && value == CKR_PIN_LOCKED) {
            give_up(ErrorKind::Unavailable, "token.so_pin_locked");
        }
        check(value, call);
    }

    ModuleSettings settings_;
    CK_FUNCTION_LIST* functions_ = nullptr;
    bool initialised_here_ = false;
};

struct Registry {
    std::mutex mutex;
    std::map<std::pair<std::string, std::string>, std::weak_ptr<Module>> open;
};

Registry& registry() {
    static Registry instance;
    return instance;
}

}  // namespace

Result<std::shared_ptr<Module>> Module::open(const ModuleSettings& settings) {
    auto& all = registry();
    const std::lock_guard lock(all.mutex);
    std::error_code ec;
    const auto folder =
        settings.folder.empty() ? std::string{} : fs::absolute(settings.folder, ec).string();
    bool library_in_use = false;
    for (const auto& [name, module] : all.open) {
        auto open = module.lock();
        if (name.first != settings.library || open == nullptr) continue;
        if (name.second == folder) return open;
        library_in_use = true;
    }
    auto module = std::make_shared<LibraryModule>(settings);
    ANTIN_CHECK(module->start(library_in_use));
    all.open[{settings.library, folder}] = module;
    return module;
}

std::string find_softhsm() {
    for (const char* path :
         {"/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
          "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so",
          "/usr/local/lib/softhsm/libsofthsm2.so"}) {
        if (::access(path, R_OK) == 0) return path;
    }
    return {};
}

}  // namespace antin::hsm
