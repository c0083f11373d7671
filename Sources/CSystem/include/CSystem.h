// What Glibc's Swift module leaves out.
#ifndef CSYSTEM_H
#define CSYSTEM_H
#endif
