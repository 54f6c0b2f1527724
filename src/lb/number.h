/* number.h - numbers of JSON as Incus stores them in a config. */
#ifndef LBSTATE_LB_NUMBER_H
#define LBSTATE_LB_NUMBER_H

#define NUMBER_TEXT_SIZE 32

/* Whole numbers as such, others in the shortest form that reads back as VALUE (Go's
 * 'g' format): 5, 1.5, 2.5e-07, 1e+20. VALUE is finite. */
void number_format(double value, char out[NUMBER_TEXT_SIZE]);

#endif
