/* xml_line.h - the line an XML reader stands at: expat 2.9 has a call of its own for it, and warns of the old one. */
#ifndef KW_BASE_XML_LINE_H
#define KW_BASE_XML_LINE_H

#include <expat.h>

static inline unsigned long kw_xml_line(XML_Parser parser)
{
#if XML_MAJOR_VERSION > 2 || XML_MINOR_VERSION >= 9
    return (unsigned long)XML_GetCurrentLineNumber64(parser);
#else
    return (unsigned long)XML_GetCurrentLineNumber(parser);
#endif
}

#endif
