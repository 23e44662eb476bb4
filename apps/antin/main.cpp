#include <sys/stat.h>

#include <clocale>

#include "command.hpp"

int main(int argc, char** argv) {
    ::umask(077);                       // what commands write is for its owner
    std::setlocale(LC_ALL, "C.UTF-8");  // whatever the machine says: names are Vietnamese
    return antin::program::run_command_line(argc, argv);
}
