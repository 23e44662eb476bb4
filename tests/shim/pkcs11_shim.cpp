// A PKCS#11 library for tests: SoftHSM behind, and in front of it the faults of real devices.
//
// The file named by ANTIN_SHIM_CONTROL is read at every call; one command a line:
//   pin_limit N              lock the user PIN after N wrong tries (counted across processes)
//   vanish                   the token was pulled out; sessions are gone for good
//   only SERIAL…             the devices that are plugged in; with no number none is
//   gone                     the whole HSM does not answer: CKR_DEVICE_ERROR everywhere
//   stall NAME               calls of NAME ("C_Sign") do not return while the line stands
//   fail NAME RV SKIP TIMES  from the (SKIP+1)-th call on, TIMES calls of NAME return RV
//   rsa_max BITS             the device makes no RSA key above BITS
// Beside it, FILE.log gets one line per counted event: "login wrong", "call C_Sign", …; and
// FILE.tries holds the number of wrong tries in a row.
#include <dlfcn.h>
#include <fcntl.h>
#include <p11-kit/pkcs11.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <map>
#include <mutex>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace {

CK_FUNCTION_LIST* inner = nullptr;
CK_FUNCTION_LIST outer;
std::mutex mutex;
std::map<std::string, int> calls_since;  // by the text of a fail line
bool was_away = false;

std::string control_path() {
    const char* path = std::getenv("ANTIN_SHIM_CONTROL");
    return path != nullptr ? path : "";
}

struct Command {
    std::string text, verb, name;
    unsigned long a = 0, b = 0, c = 0;
};

std::vector<Command> commands() {
    std::vector<Command> all;
    std::ifstream in(control_path());
    for (std::string line; std::getline(in, line);) {
        Command command;
        command.text = line;
        std::istringstream words(line);
        words >> command.verb;
        if (command.verb == "stall" || command.verb == "fail") words >> command.name;
        std::string a;
        words >> a >> command.b >> command.c;
        command.a = a.empty() ? 0 : std::strtoul(a.c_str(), nullptr, 0);
        all.push_back(command);
    }
    return all;
}

bool stands(const std::string& verb, const std::string& name = {}) {
    const auto all = commands();
    return std::any_of(all.begin(), all.end(), [&](const auto& command) {
        return command.verb == verb && command.name == name;
    });
}

unsigned long number_of(const std::string& verb) {
    for (const auto& command : commands()) {
        if (command.verb == verb) return command.a;
    }
    return 0;
}

void note(const std::string& line) {
    if (control_path().empty()) return;
    const std::lock_guard lock(mutex);
    std::ofstream(control_path() + ".log", std::ios::app) << line << "\n";
}

unsigned long tries() {
    unsigned long count = 0;
    std::ifstream(control_path() + ".tries") >> count;
    return count;
}
void set_tries(unsigned long count) {
    std::ofstream(control_path() + ".tries") << count;
}

/// What the control file says about a call of `name`; CKR_OK: let it through.
CK_RV interfere(const char* name) {
    note(std::string("call ") + name);
    while (stands("stall", name)) std::this_thread::sleep_for(std::chrono::milliseconds(3));
    if (stands("gone")) return CKR_DEVICE_ERROR;
    if (stands("vanish")) {
        const std::lock_guard lock(mutex);
        if (!was_away) {
            // Pulled out: whatever was open is lost, also when it comes back.
            CK_ULONG count = 0;
            inner->C_GetSlotList(CK_TRUE, nullptr, &count);
            std::vector<CK_SLOT_ID> slots(count);
            inner->C_GetSlotList(CK_TRUE, slots.data(), &count);
            for (const auto slot : slots) inner->C_CloseAllSessions(slot);
        }
        was_away = true;
        return CKR_DEVICE_REMOVED;
    }
    const std::lock_guard lock(mutex);
    was_away = false;
    for (const auto& command : commands()) {
        if (command.verb != "fail" || command.name != name) continue;
        const unsigned long count = static_cast<unsigned long>(calls_since[command.text]++);
        if (count >= command.b && count < command.b + command.c) return command.a;
    }
    return CKR_OK;
}

#define THROUGH(name, arguments)                                             \
    if (const CK_RV value = interfere(#name); value != CKR_OK) return value; \
    return inner->name arguments

/// What `only` says: the numbers of the plugged-in devices; nothing: all of them.
std::optional<std::vector<std::string>> plugged_in() {
    for (const auto& command : commands()) {
        if (command.verb != "only") continue;
        std::istringstream words(command.text);
        std::string word;
        words >> word;
        std::vector<std::string> serials;
        while (words >> word) serials.push_back(word);
        return serials;
    }
    return std::nullopt;
}

CK_RV list_plugged_in(const std::vector<std::string>& serials, CK_BBOOL present, CK_SLOT_ID_PTR out,
                      CK_ULONG_PTR count) {
    CK_ULONG size = 0;
    if (const CK_RV value = inner->C_GetSlotList(present, nullptr, &size); value != CKR_OK) {
        return value;
    }
    std::vector<CK_SLOT_ID> slots(size);
    if (const CK_RV value = inner->C_GetSlotList(present, slots.data(), &size); value != CKR_OK) {
        return value;
    }
    slots.resize(size);
    std::erase_if(slots, [&](CK_SLOT_ID slot) {
        CK_TOKEN_INFO info{};
        if (inner->C_GetTokenInfo(slot, &info) != CKR_OK) return true;
        std::string serial(reinterpret_cast<const char*>(info.serialNumber), 16);
        serial.erase(serial.find_last_not_of(' ') + 1);
        return std::find(serials.begin(), serials.end(), serial) == serials.end();
    });
    const CK_ULONG room = *count;
    *count = slots.size();
    if (out == nullptr) return CKR_OK;
    if (room < slots.size()) return CKR_BUFFER_TOO_SMALL;
    std::copy(slots.begin(), slots.end(), out);
    return CKR_OK;
}

CK_RV get_slot_list(CK_BBOOL present, CK_SLOT_ID_PTR slots, CK_ULONG_PTR count) {
    const CK_RV value = interfere("C_GetSlotList");
    if (value == CKR_DEVICE_REMOVED) {
        *count = 0;
        return CKR_OK;
    }
    if (value != CKR_OK) return value;
    if (const auto serials = plugged_in()) {
        return list_plugged_in(*serials, present, slots, count);
    }
    return inner->C_GetSlotList(present, slots, count);
}
CK_RV get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO_PTR info) {
    if (const CK_RV value = interfere("C_GetTokenInfo"); value != CKR_OK) return value;
    const CK_RV value = inner->C_GetTokenInfo(slot, info);
    const auto limit = number_of("pin_limit");
    if (value != CKR_OK || limit == 0) return value;
    const auto wrong = tries();
    info->flags &= ~(CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED);
    if (wrong > 0) info->flags |= CKF_USER_PIN_COUNT_LOW;
    if (wrong + 1 == limit) info->flags |= CKF_USER_PIN_FINAL_TRY;
    if (wrong >= limit) info->flags |= CKF_USER_PIN_LOCKED;
    return value;
}
CK_RV get_mechanism_info(CK_SLOT_ID slot, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO_PTR info) {
    if (const CK_RV value = interfere("C_GetMechanismInfo"); value != CKR_OK) return value;
    const CK_RV value = inner->C_GetMechanismInfo(slot, type, info);
    const auto most = number_of("rsa_max");
    if (value == CKR_OK && most != 0 && type == CKM_RSA_PKCS_KEY_PAIR_GEN) {
        info->ulMaxKeySize = most;
    }
    return value;
}
CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR_PTR pin, CK_ULONG size) {
    if (const CK_RV value = interfere("C_Login"); value != CKR_OK) return value;
    const auto limit = number_of("pin_limit");
    if (user == CKU_USER && limit != 0 && tries() >= limit) return CKR_PIN_LOCKED;
    const CK_RV value = inner->C_Login(session, user, pin, size);
    if (user != CKU_USER) return value;
    if (value == CKR_PIN_INCORRECT) {
        note("login wrong");
        set_tries(tries() + 1);
    } else if (value == CKR_OK) {
        note("login right");
        set_tries(0);
    }
    return value;
}
CK_RV init_pin(CK_SESSION_HANDLE session, CK_UTF8CHAR_PTR pin, CK_ULONG size) {
    if (const CK_RV value = interfere("C_InitPIN"); value != CKR_OK) return value;
    const CK_RV value = inner->C_InitPIN(session, pin, size);
    if (value == CKR_OK) set_tries(0);
    return value;
}
CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS flags, void* application, CK_NOTIFY notify,
                   CK_SESSION_HANDLE_PTR session) {
    THROUGH(C_OpenSession, (slot, flags, application, notify, session));
}
CK_RV find_init(CK_SESSION_HANDLE session, CK_ATTRIBUTE_PTR wanted, CK_ULONG count) {
    THROUGH(C_FindObjectsInit, (session, wanted, count));
}
CK_RV get_attribute(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_PTR wanted,
                    CK_ULONG count) {
    THROUGH(C_GetAttributeValue, (session, object, wanted, count));
}
CK_RV generate(CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_ATTRIBUTE_PTR open,
               CK_ULONG open_count, CK_ATTRIBUTE_PTR secret, CK_ULONG secret_count,
               CK_OBJECT_HANDLE_PTR public_key, CK_OBJECT_HANDLE_PTR private_key) {
    THROUGH(C_GenerateKeyPair,
            (session, mechanism, open, open_count, secret, secret_count, public_key, private_key));
}
CK_RV sign_init(CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE key) {
    THROUGH(C_SignInit, (session, mechanism, key));
}
CK_RV sign(CK_SESSION_HANDLE session, unsigned char* data, CK_ULONG data_size,
           unsigned char* signature, CK_ULONG_PTR signature_size) {
    THROUGH(C_Sign, (session, data, data_size, signature, signature_size));
}
CK_RV create(CK_SESSION_HANDLE session, CK_ATTRIBUTE_PTR attributes, CK_ULONG count,
             CK_OBJECT_HANDLE_PTR object) {
    THROUGH(C_CreateObject, (session, attributes, count, object));
}
CK_RV destroy(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object) {
    THROUGH(C_DestroyObject, (session, object));
}
CK_RV set_pin(CK_SESSION_HANDLE session, CK_UTF8CHAR_PTR former, CK_ULONG former_size,
              CK_UTF8CHAR_PTR next, CK_ULONG next_size) {
    THROUGH(C_SetPIN, (session, former, former_size, next, next_size));
}
CK_RV init_token(CK_SLOT_ID slot, CK_UTF8CHAR_PTR pin, CK_ULONG size, CK_UTF8CHAR_PTR label) {
    THROUGH(C_InitToken, (slot, pin, size, label));
}

/// SoftHSM with state of its own, even when the program uses SoftHSM directly as well.
bool load_inner() {
    const char* named = std::getenv("ANTIN_SHIM_MODULE");
    const char* path = named != nullptr ? named : "/usr/lib/softhsm/libsofthsm2.so";
    const int from = ::open(path, O_RDONLY);
    const int copy = ::memfd_create("shim", MFD_CLOEXEC);
    struct stat status {};
    if (from < 0 || copy < 0 || ::fstat(from, &status) != 0) return false;
    for (off_t left = status.st_size; left > 0;) {
        const auto sent = ::sendfile(copy, from, nullptr, static_cast<std::size_t>(left));
        if (sent <= 0) return false;
        left -= sent;
    }
    ::close(from);
    const auto name = "/proc/self/fd/" + std::to_string(copy);
    void* handle = ::dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) return false;
    const auto get = reinterpret_cast<CK_C_GetFunctionList>(::dlsym(handle, "C_GetFunctionList"));
    return get != nullptr && get(&inner) == CKR_OK;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) CK_RV C_GetFunctionList(
    CK_FUNCTION_LIST_PTR_PTR list) {
    const std::lock_guard lock(mutex);
    if (inner == nullptr) {
        if (!load_inner()) return CKR_GENERAL_ERROR;
        outer = *inner;
        outer.C_GetFunctionList = C_GetFunctionList;
        outer.C_GetSlotList = get_slot_list;
        outer.C_GetTokenInfo = get_token_info;
        outer.C_GetMechanismInfo = get_mechanism_info;
        outer.C_Login = login;
        outer.C_InitPIN = init_pin;
        outer.C_OpenSession = open_session;
        outer.C_FindObjectsInit = find_init;
        outer.C_GetAttributeValue = get_attribute;
        outer.C_GenerateKeyPair = generate;
        outer.C_SignInit = sign_init;
        outer.C_Sign = sign;
        outer.C_CreateObject = create;
        outer.C_DestroyObject = destroy;
        outer.C_SetPIN = set_pin;
        outer.C_InitToken = init_token;
    }
    *list = &outer;
    return CKR_OK;
}
