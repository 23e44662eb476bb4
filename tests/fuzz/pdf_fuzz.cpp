// What agencies attach: every file ends in facts or an error, in bounded memory.
#include "pdf/reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    antin::pdf::ReadLimits limits;
    limits.structure_bytes = 1024 * 1024;
    limits.pages = 100;
    static_cast<void>(antin::pdf::inspect({data, size}, limits));
    return 0;
}
