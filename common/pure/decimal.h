/*
 * Exact decimals: money, prices and quantities as int64 millionths ("micros").
 */
#ifndef KEHU_DECIMAL_H
#define KEHU_DECIMAL_H

#include "common/base.h"

#define DECIMAL_TEXT_BYTES 32

/*
 * Reads "12", "-0.5", "+3.250000", and as spreadsheets write them ".5" and "1."; at least one digit
 * must stand somewhere. More than six decimals are taken only if the rest are zeros: nothing is
 * rounded here. False for anything else: exponents, thousands separators, spaces, or a value beyond
 * int64.
 */
bool decimal_parse(const char *at, size_t bytes, int64_t *micros);

/* Without trailing zeros: "9539484.634", "0", "-0.5". Terminated; returns the length. */
size_t decimal_print(int64_t micros, char out[DECIMAL_TEXT_BYTES]);

/* The product in millionths, rounded once, half away from zero. False beyond int64. */
bool decimal_multiply(int64_t a_micros, int64_t b_micros, int64_t *product_micros);

#endif
